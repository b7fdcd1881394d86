# Which source this is: PCE_REVISION, PCE_BRANCH and PCE_SOURCE_DATE_EPOCH (of the commit, seconds). Read from git when
# CMake configures; elsewhere, such as in an unpacked archive, they can be given with -D.
find_package(Git QUIET)

function(pce_source_fact name fallback)
  if(DEFINED ${name})
    return()
  endif()
  set(fact)
  if(GIT_FOUND AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
    execute_process(COMMAND ${GIT_EXECUTABLE} ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                    OUTPUT_VARIABLE fact OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  if(NOT fact)
    set(fact ${fallback})
  endif()
  set(${name} ${fact} PARENT_SCOPE)
endfunction()

pce_source_fact(PCE_REVISION unknown rev-parse --short=12 HEAD)
pce_source_fact(PCE_BRANCH unknown rev-parse --abbrev-ref HEAD)
string(TIMESTAMP now "%s" UTC)  # the environment's SOURCE_DATE_EPOCH, where there is one
pce_source_fact(PCE_SOURCE_DATE_EPOCH ${now} log -1 --format=%ct)
