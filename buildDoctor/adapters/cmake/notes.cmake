# What the replay tells beside the scripts' own commands. Of build-doctor's scripts only this one is traced.

# What it is given is the record.
macro(_build_doctor_note)
endmacro()

function(_build_doctor_tell kind first second third)
  # The marks tell the parts apart where the trace is plain words.
  _build_doctor_note("${kind}" "<1>${first}" "<2>${second}" "<3>${third}")
endfunction()
