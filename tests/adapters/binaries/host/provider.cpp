// Gives what strings.cpp expects, as libc10.so would.
#include <string>
namespace c10 {
void warn(const std::string&) {}
struct Error { Error(int, std::string); };
Error::Error(int, std::string) {}
}
