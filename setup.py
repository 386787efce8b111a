"""Builds :mod:`matcher.store.kernels`, the loops of the matcher, in C; all else is in setup.cfg."""

from Cython.Build import cythonize
from setuptools import Extension, setup

KERNELS = Extension(
    "matcher.store.kernels", ["matcher/store/kernels.py"], extra_compile_args=["-O3"]
)

modules = cythonize(KERNELS, build_dir="build", language_level=3)
for module in modules:
    # Without a compiler the same loops run as Python: slower, with the same results. Cython makes
    # extensions of its own, so this must be said to those.
    module.optional = True

setup(ext_modules=modules)
