// Uses a function of Python's stable ABI, and one that is none.
extern "C" {
void* PyLong_FromLong(long);
void* _PyType_Lookup(void*, void*);
void* PyInit_module() { return _PyType_Lookup(PyLong_FromLong(1), nullptr); }
}
