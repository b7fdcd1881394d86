# libcurl in its GnuTLS flavour, as the imported target Curl::GnuTLS.
#
# Debian's prometheus-cpp-dev depends on the OpenSSL flavour's headers, which conflict with the GnuTLS
# flavour's development package. The headers of both are the same files, so we take them from whichever is
# installed and link the GnuTLS library by its run-time name: the process then has one TLS library, the one
# libmicrohttpd uses too.
find_path(CurlGnuTLS_INCLUDE_DIR curl/curl.h PATH_SUFFIXES ${CMAKE_LIBRARY_ARCHITECTURE})
find_library(CurlGnuTLS_LIBRARY NAMES libcurl-gnutls.so.4 libcurl-gnutls.so)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CurlGnuTLS
  REQUIRED_VARS CurlGnuTLS_LIBRARY CurlGnuTLS_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install libcurl3-gnutls and libcurl4-openssl-dev (or libcurl4-gnutls-dev)")

if(CurlGnuTLS_FOUND AND NOT TARGET Curl::GnuTLS)
  add_library(Curl::GnuTLS UNKNOWN IMPORTED)
  set_target_properties(Curl::GnuTLS PROPERTIES
    IMPORTED_LOCATION "${CurlGnuTLS_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${CurlGnuTLS_INCLUDE_DIR}")
endif()
mark_as_advanced(CurlGnuTLS_INCLUDE_DIR CurlGnuTLS_LIBRARY)
