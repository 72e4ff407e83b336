// `node packages/gateway` is the gateway; with `rebuild-counters` it is that command.
if (process.argv[2] === 'rebuild-counters') {
  void import('./rebuildCounters').then(({ main }) => main());
} else {
  void import('./main');
}
