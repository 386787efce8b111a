"""Builds the loops of the matcher (:mod:`matcher.kernels`) in C; all else stands in setup.cfg."""

from Cython.Build import cythonize
from setuptools import Extension, setup

# Without a compiler the same loops run as Python: slower, with the same results.
KERNELS = Extension(
    "matcher.kernels", ["matcher/kernels.py"], extra_compile_args=["-O3"], optional=True
)

setup(ext_modules=cythonize(KERNELS, build_dir="build", language_level=3))
