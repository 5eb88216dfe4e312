"""Training steps as machine code: what torch does an operation at a time, in one call without the interpreter lock.

Map: `descents` says what a step does in a phase, and does it with torch as it comes; `phase_program` is a phase as a
function of tensors, which can be compiled, with other operations in place of some of torch's, of
`convolution_products`, `narrow_products` and `shared_sigmoid`; `machine_code` calls what came of that, and
`compiled_descents` puts it in the place of the other; `shelf` keeps compiled steps on disk; `making` compiles them,
tries and measures them, in a process of its own; `workshop` starts such a process. On a CUDA GPU, `captured_descents`
records the phases as graphs instead.
"""
