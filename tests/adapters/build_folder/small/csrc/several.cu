__global__ void several() {}
