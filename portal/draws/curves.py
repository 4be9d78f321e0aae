"""The curve arithmetic of py_ecc, without what its import does to the interpreter.

Importing it raises the recursion limit to 100,000 for the whole process: JSON nested deep enough would then end the
server with a stack overflow instead of an error. What is used here needs no deep recursion.
"""

import sys

_limit = sys.getrecursionlimit()
from py_ecc.bls.hash_to_curve import hash_to_G1  # noqa: E402
from py_ecc.bls.point_compression import decompress_G1, decompress_G2  # noqa: E402
from py_ecc.bls.typing import G1Compressed, G2Compressed  # noqa: E402
from py_ecc.fields import optimized_bls12_381_FQ12 as FQ12  # noqa: E402
from py_ecc.optimized_bls12_381.optimized_curve import (  # noqa: E402
    G2,
    curve_order,
    is_inf,
    multiply,
    neg,
)
from py_ecc.optimized_bls12_381.optimized_pairing import final_exponentiate, pairing  # noqa: E402

sys.setrecursionlimit(_limit)

__all__ = [
    "FQ12", "G2", "G1Compressed", "G2Compressed", "curve_order", "decompress_G1", "decompress_G2",
    "final_exponentiate", "hash_to_G1", "is_inf", "multiply", "neg", "pairing",
]  # fmt: skip
