# What the replay tells beside the scripts' own commands. Of build-doctor's scripts only this one is traced.

# What it is given is the record.
macro(_build_doctor_note)
endmacro()

function(_build_doctor_tell kind first second third)
  _build_doctor_note("${kind}" "${first}" "${second}" "${third}")
endfunction()
