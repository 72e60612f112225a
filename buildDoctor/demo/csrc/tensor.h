// The least that an extension needs of a tensor: what it is made of and where it lies.
#pragma once

#include <cstdint>

struct Tensor {
  void* data;
  int64_t rows;
  int64_t columns;
};
