# Commands that touch the world, replaced by ones that do nothing or say what a healthy machine would.

foreach(_build_doctor_command IN ITEMS
    project enable_language install export
    add_executable add_custom_target add_custom_command add_subdirectory add_dependencies add_test enable_testing
    add_compile_options add_compile_definitions add_definitions add_link_options link_directories link_libraries
    include_directories include_external_msproject
    target_compile_definitions target_compile_features target_compile_options target_include_directories
    target_link_directories target_link_libraries target_link_options target_precompile_headers target_sources
    set_target_properties set_source_files_properties set_tests_properties set_directory_properties set_property
    add_library Python_add_library Python3_add_library pybind11_add_module
    cuda_add_library cuda_add_executable cuda_compile hip_add_library
    configure_file try_compile try_run build_command load_cache load_command exec_program
    create_test_sourcelist source_group write_file make_directory remove use_mangled_mesa
    FetchContent_Declare FetchContent_GetProperties
    ExternalProject_Add ExternalProject_Add_Step ExternalProject_Add_StepTargets ExternalProject_Add_StepDependencies
    check_language check_cxx_compiler_flag check_c_compiler_flag check_cxx_source_compiles check_include_file
    check_include_file_cxx check_symbol_exists check_function_exists check_library_exists
    write_basic_package_version_file configure_package_config_file
    ctest_start ctest_configure ctest_build ctest_test ctest_run_script cmake_host_system_information
    message variable_watch cmake_file_api)
  macro(${_build_doctor_command})
  endmacro()
endforeach()

function(execute_process)
  cmake_parse_arguments(PARSE_ARGV 0 asked "" "RESULT_VARIABLE;RESULTS_VARIABLE;OUTPUT_VARIABLE;ERROR_VARIABLE" "")
  foreach(kind IN ITEMS OUTPUT ERROR)
    if(asked_${kind}_VARIABLE)
      set(${asked_${kind}_VARIABLE} "" PARENT_SCOPE)
    endif()
  endforeach()
  foreach(kind IN ITEMS RESULT RESULTS)
    if(asked_${kind}_VARIABLE)
      set(${asked_${kind}_VARIABLE} 0 PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

function(get_property variable)
  set(${variable} "" PARENT_SCOPE)
endfunction()

function(get_target_property variable)
  set(${variable} "${variable}-NOTFOUND" PARENT_SCOPE)
endfunction()

function(get_source_file_property variable)
  set(${variable} NOTFOUND PARENT_SCOPE)
endfunction()

foreach(_build_doctor_command IN ITEMS find_program find_library find_path find_file)
  function(${_build_doctor_command} variable)
    if(NOT DEFINED ${variable})
      set(${variable} "/not-looked-for/${variable}" PARENT_SCOPE)
    endif()
  endfunction()
endforeach()

function(find_package name)
  set(${name}_FOUND TRUE PARENT_SCOPE)
endfunction()

function(FetchContent_MakeAvailable)
  foreach(name IN LISTS ARGV)
    string(TOLOWER "${name}" lower)
    foreach(spelling IN ITEMS "${name}" "${lower}")
      set(${spelling}_POPULATED TRUE PARENT_SCOPE)
      set(${spelling}_SOURCE_DIR "/fetched/${lower}" PARENT_SCOPE)
      set(${spelling}_BINARY_DIR "/fetched/${lower}-build" PARENT_SCOPE)
    endforeach()
  endforeach()
endfunction()

function(FetchContent_Populate name)
  string(TOLOWER "${name}" lower)
  set(${lower}_POPULATED TRUE PARENT_SCOPE)
  set(${lower}_SOURCE_DIR "/fetched/${lower}" PARENT_SCOPE)
  set(${lower}_BINARY_DIR "/fetched/${lower}-build" PARENT_SCOPE)
endfunction()
