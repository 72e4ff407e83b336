/** `node packages/gateway` is the gateway; with the name of a command it is that command. */
switch (process.argv[2]) {
  case 'rebuild-counters':
    void import('./rebuildCounters').then(({ main }) => main());
    break;
  case 'book-dead-letters':
    void import('./bookDeadLetters').then(({ main }) => main());
    break;
  default:
    void import('./main');
}
