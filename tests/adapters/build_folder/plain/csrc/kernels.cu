__global__ void plain() {}
