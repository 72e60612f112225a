// Expects functions of torch that take a std::string: their names tell which one.
#include <string>
namespace c10 { void warn(const std::string&); struct Error { Error(int, std::string); }; }
void complain() { c10::warn("x"); c10::Error error(1, "y"); (void)error; }
