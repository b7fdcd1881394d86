# Compiler settings: pce_plain_options for every target of ours, pce_options adds the sanitizers of the preset.
add_library(pce_plain_options INTERFACE)
target_include_directories(pce_plain_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(pce_plain_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wformat=2 -Wimplicit-fallthrough
  $<$<BOOL:${PCE_WARNINGS_AS_ERRORS}>:-Werror>
  -fstack-protector-strong -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
target_link_options(pce_plain_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
# Everything here ends up in executables, so position independence is the executables' kind throughout; a precompiled
# header then fits libraries and programs alike.
target_compile_options(pce_plain_options INTERFACE -fPIE)
target_link_options(pce_plain_options INTERFACE -pie)
target_compile_definitions(pce_plain_options INTERFACE _GLIBCXX_ASSERTIONS)

# g++ spends a seventh of its time collecting garbage; with these it begins at 256 MB. For what is compiled again and again, and
# not where somebody builds the exporter only, maybe on a small machine.
add_library(pce_quick_compiler INTERFACE)
target_compile_options(pce_quick_compiler INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-expand=200> $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=262144>)

add_library(pce_options INTERFACE)
target_link_libraries(pce_options INTERFACE pce_plain_options)

if(PCE_SANITIZER)
  target_link_libraries(pce_options INTERFACE pce_quick_compiler)
  target_compile_options(pce_options INTERFACE -fno-omit-frame-pointer -g1)
  target_link_options(pce_options INTERFACE -fsanitize=${PCE_SANITIZER})
  string(REPLACE "," ";" sanitizers "${PCE_SANITIZER}")
  foreach(sanitizer ${sanitizers})
    if(sanitizer STREQUAL "undefined")
      # Not in the tests themselves: in GoogleTest's templates it finds nothing and takes long to compile.
      target_compile_options(pce_options INTERFACE
        $<$<NOT:$<BOOL:$<TARGET_PROPERTY:PCE_IS_TEST>>>:-fsanitize=undefined>
        $<$<NOT:$<BOOL:$<TARGET_PROPERTY:PCE_IS_TEST>>>:-fsanitize=float-cast-overflow>
        $<$<NOT:$<BOOL:$<TARGET_PROPERTY:PCE_IS_TEST>>>:-fno-sanitize-recover=all>)
    else()
      target_compile_options(pce_options INTERFACE -fsanitize=${sanitizer})
    endif()
  endforeach()
else()
  target_compile_definitions(pce_options INTERFACE
    $<$<CONFIG:RelWithDebInfo,Release>:_FORTIFY_SOURCE=2>)
endif()

# pce_library(NAME SOURCES… PUBLIC floors… PRIVATE libraries…): one folder of exporter/, one library.
function(pce_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC pce_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    if(PCE_SANITIZER)
      target_compile_options(${name} PRIVATE -O1)
    endif()
    if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
      # g++ takes where the precompiled header lies into the debug information, and so into the build id: what is
      # shipped would differ from folder to folder (deploy/package/reproduce.sh).
    elseif(name STREQUAL "pce_base")
      # What nearly every file includes; reading it is most of compiling a small one.
      target_precompile_headers(${name} PRIVATE
        <algorithm> <chrono> <functional> <map> <memory> <mutex> <optional> <stop_token> <string> <string_view>
        <variant> <vector>)
    else()
      target_precompile_headers(${name} REUSE_FROM pce_base)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE pce_options ${arg_PUBLIC})
  endif()
endfunction()
