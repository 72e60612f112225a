# Which kernels are compiled for which architecture.

# Take the architectures out of the -gencode flags that torch has put into CMAKE_CUDA_FLAGS, in ascending order.
function(requested_architectures RESULT)
  string(REGEX MATCHALL "arch=compute_[0-9]+[af]?" FLAGS "${CMAKE_CUDA_FLAGS}")
  set(FOUND)
  foreach(FLAG IN LISTS FLAGS)
    string(REGEX REPLACE "arch=compute_([0-9]+)([0-9][af]?)" "\\1.\\2" ARCHITECTURE "${FLAG}")
    list(APPEND FOUND "${ARCHITECTURE}")
  endforeach()
  list(REMOVE_DUPLICATES FOUND)
  list(SORT FOUND COMPARE NATURAL ORDER ASCENDING)
  set(${RESULT} ${FOUND} PARENT_SCOPE)
endfunction()

# Meet the architectures that kernels are written for (OFFERED) with those of the build (TARGETS):
# an offered 12.0a takes the target 12.0 for itself; every target that is left gets the highest offer of its major
# version that is not above it.
function(match_architectures RESULT OFFERED TARGETS)
  set(OFFERS ${OFFERED})
  set(OPEN ${TARGETS})
  set(MATCHED)

  foreach(OFFER IN LISTS OFFERS)
    if(OFFER MATCHES "a$")
      list(REMOVE_ITEM OFFERS "${OFFER}")
      string(REPLACE "a" "" PLAIN "${OFFER}")
      if(PLAIN IN_LIST OPEN)
        list(REMOVE_ITEM OPEN "${PLAIN}")
        list(APPEND MATCHED "${OFFER}")
      endif()
    endif()
  endforeach()

  list(SORT OFFERS COMPARE NATURAL ORDER ASCENDING)
  foreach(TARGET IN LISTS OPEN)
    string(REGEX REPLACE "\\..*" "" MAJOR "${TARGET}")
    set(BEST "")
    foreach(OFFER IN LISTS OFFERS)
      if(OFFER MATCHES "^${MAJOR}\\." AND OFFER VERSION_LESS_EQUAL TARGET)
        set(BEST "${OFFER}")
      endif()
    endforeach()
    if(BEST)
      list(APPEND MATCHED "${BEST}")
    endif()
  endforeach()

  list(REMOVE_DUPLICATES MATCHED)
  set(${RESULT} ${MATCHED} PARENT_SCOPE)
endfunction()

# Compile source files for exactly these architectures.
macro(compile_for ARCHITECTURES)
  foreach(_architecture IN ITEMS ${ARCHITECTURES})
    string(REPLACE "." "" _number "${_architecture}")
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS
      "$<$<COMPILE_LANGUAGE:CUDA>:-gencode;arch=compute_${_number},code=sm_${_number}>")
  endforeach()
endmacro()
