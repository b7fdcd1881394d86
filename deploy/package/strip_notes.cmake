# What dh_strip would take away and `install --strip` leaves. Run by CPack before it makes the package.
execute_process(COMMAND strip --remove-section=.comment --remove-section=.note usr/bin/partner_center_exporter
                WORKING_DIRECTORY ${CPACK_TEMPORARY_INSTALL_DIRECTORY} COMMAND_ERROR_IS_FATAL ANY)
