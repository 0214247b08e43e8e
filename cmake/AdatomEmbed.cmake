# adatom_embed(TARGET NAME file): a text file that the program carries with it, as
# `extern const std::string_view NAME;` in namespace adatom::apps::embedded.
function(adatom_embed target name file)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} -DNAME=${name} -DGENERATED=${generated}
      -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${source} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
