# Runs a project's own build scripts in script mode and lets them only decide, never act.
# The trace of this run is the result; nothing is printed. `inputs.cmake` sets what the machine lacks.
cmake_minimum_required(VERSION 3.26...4.0)

include("${BUILD_DOCTOR_FOLDER}/inputs.cmake")

# A command that is overridden twice cannot be reached by its underscored name any more.
include("${CMAKE_CURRENT_LIST_DIR}/stubs.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/stubs.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/notes.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/targets.cmake")
include("${BUILD_DOCTOR_FOLDER}/reading.cmake")

include("${CMAKE_SOURCE_DIR}/CMakeLists.txt")
_build_doctor_end()
