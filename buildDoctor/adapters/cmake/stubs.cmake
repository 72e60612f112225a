# Commands that touch the world, replaced by ones that do nothing or say what a healthy machine would.
# Whatever cmake knows and this file does not name as harmless is replaced, so that a newer cmake brings nothing new.

set(_build_doctor_harmless
    if elseif else endif foreach endforeach while endwhile break continue return
    function endfunction macro endmacro block endblock
    set unset list string math option include_guard separate_arguments mark_as_advanced
    cmake_minimum_required cmake_parse_arguments cmake_path cmake_policy get_filename_component get_cmake_property
    include file)
# Commands that cmake's own modules bring.
set(_build_doctor_brought
    Python_add_library Python3_add_library pybind11_add_module nanobind_add_module
    cuda_add_library cuda_add_executable cuda_compile hip_add_library
    FetchContent_Declare FetchContent_GetProperties
    ExternalProject_Add ExternalProject_Add_Step ExternalProject_Add_StepTargets ExternalProject_Add_StepDependencies
    check_language check_cxx_compiler_flag check_c_compiler_flag check_cxx_source_compiles check_include_file
    check_include_file_cxx check_symbol_exists check_function_exists check_library_exists
    check_include_files check_c_source_compiles check_c_source_runs check_cxx_source_runs check_type_size
    check_struct_has_member check_ipo_supported check_linker_flag check_pie_supported check_cxx_symbol_exists
    check_prototype_definition check_compiler_flag check_source_compiles check_source_runs gtest_add_tests gtest_discover_tests catch_discover_tests
    add_compile_definitions add_link_options target_link_directories target_link_options target_precompile_headers
    write_basic_package_version_file configure_package_config_file
    load_command build_name variable_requires subdirs install_files install_programs install_targets
    ctest_start ctest_configure ctest_build ctest_test ctest_run_script
    ${BUILD_DOCTOR_UNKNOWN_COMMANDS})

get_cmake_property(_build_doctor_commands COMMANDS)
list(APPEND _build_doctor_commands ${_build_doctor_brought})
# What the first time has left under an underscored name stays as it is.
list(FILTER _build_doctor_commands EXCLUDE REGEX "^_")
list(REMOVE_ITEM _build_doctor_commands ${_build_doctor_harmless})
foreach(_build_doctor_command IN LISTS _build_doctor_commands)
  macro(${_build_doctor_command})
  endmacro()
endforeach()

function(execute_process)
  cmake_parse_arguments(
    PARSE_ARGV 0 asked "" "RESULT_VARIABLE;RESULTS_VARIABLE;OUTPUT_VARIABLE;ERROR_VARIABLE" "COMMAND")
  foreach(kind IN ITEMS OUTPUT ERROR)
    if(asked_${kind}_VARIABLE)
      set(${asked_${kind}_VARIABLE} "" PARENT_SCOPE)
    endif()
  endforeach()
  # The host compiler says the version that its variables hold.
  if(asked_OUTPUT_VARIABLE AND "${asked_COMMAND}" MATCHES "-dump(full)?version")
    set(${asked_OUTPUT_VARIABLE} "${CMAKE_CXX_COMPILER_VERSION}" PARENT_SCOPE)
  endif()
  foreach(kind IN ITEMS RESULT RESULTS)
    if(asked_${kind}_VARIABLE)
      set(${asked_${kind}_VARIABLE} 0 PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

foreach(_build_doctor_command IN ITEMS get_property get_directory_property site_name)
  function(${_build_doctor_command} variable)
    set(${variable} "" PARENT_SCOPE)
  endfunction()
endforeach()

function(aux_source_directory folder variable)
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
