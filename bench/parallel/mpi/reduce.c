// What bench/parallel/mpi/reduce.mjs measures, in C.

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  const int length = atoi(argv[1]), warm_up = atoi(argv[2]), samples = atoi(argv[3]);
  int rank;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  float *data = aligned_alloc(64, (size_t)length * sizeof(float));
  if (rank == 0) printf("SAMPLES [");
  for (int i = 0; i < warm_up + samples; i++) {
    for (int j = 0; j < length; j++) data[j] = 1;
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    MPI_Allreduce(MPI_IN_PLACE, data, length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    const double seconds = MPI_Wtime() - start;
    if (rank == 0 && i >= warm_up) printf("%s%.6f", i > warm_up ? "," : "", seconds * 1000);
  }
  if (rank == 0) printf("]\n");
  MPI_Finalize();
  return 0;
}
