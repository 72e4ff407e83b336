/** The directory of a worker's spool, below that of the gateway's; the same for whoever takes its place. */
export function workerSpool(worker: number): string {
  return `worker-${worker}`;
}
