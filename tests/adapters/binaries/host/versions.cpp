// Uses versioned symbols of the C and the C++ library.
#include <cmath>
#include <stdexcept>
#include <string>
double power(double x) { if (x < 0) throw std::runtime_error("negative" + std::to_string(x)); return std::pow(x, x); }
