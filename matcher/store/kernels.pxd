# cython: wraparound=False
# The types with which kernels.py is translated to C.

cimport cython
from libc.stdint cimport int32_t, int64_t, uint8_t

cdef double _MORE

@cython.locals(at=Py_ssize_t)
cpdef add_row(const uint8_t[::1] row, float unit, float[::1] sums)

@cython.locals(at=Py_ssize_t)
cpdef add_list(const int32_t[::1] places, const float[::1] values, Py_ssize_t first, Py_ssize_t last, float weight, float[::1] sums)

@cython.locals(at=Py_ssize_t, positive=Py_ssize_t)
cpdef Py_ssize_t clear_others(const uint8_t[::1] chosen, float[::1] sums) except -1

@cython.locals(at=Py_ssize_t)
cpdef keep_greatest(const float[::1] values, float[::1] heap)

@cython.locals(at=Py_ssize_t, child=Py_ssize_t, size=Py_ssize_t)
cdef int _sift(float value, float[::1] heap) except -1

@cython.locals(profile=Py_ssize_t, entry=Py_ssize_t, column=Py_ssize_t, number=Py_ssize_t, of_entry=Py_ssize_t, of_profile=Py_ssize_t)
cpdef Py_ssize_t find_query_terms(
    const int64_t[::1] profiles, const int64_t[::1] entries, const int64_t[::1] bounds,
    const int32_t[:] columns, const int32_t[::1] places, int64_t[:, ::1] found) except -1

@cython.locals(pair=Py_ssize_t, mark=Py_ssize_t)
cpdef look_up_contributions(
    const int64_t[::1] entry, const int32_t[::1] place, const double[::1] share,
    const int64_t[::1] mark_entry, const int32_t[:] mark_place, double[::1] by_place, double[::1] found)

@cython.locals(last=Py_ssize_t, sentence=Py_ssize_t, mark=Py_ssize_t, held=double, most=double, quotes=uint8_t, best_quotes=uint8_t, seen=int64_t[::1])
cpdef weightiest_sentences(
    const int64_t[::1] entry, const int32_t[:] place, const int32_t[:] start, const double[::1] share,
    const uint8_t[::1] quoted, const int64_t[::1] bounds, const int32_t[:] begins, int64_t[::1] within, int64_t[::1] best)

@cython.locals(last=Py_ssize_t, at=Py_ssize_t)
cpdef Py_ssize_t join_stretches(int64_t[::1] owner, int32_t[::1] start, int32_t[::1] end) except -1
