import { makeSpoolDirectory } from '../__testUtils__/startTestGateway';
import { testEvent } from '../__testUtils__/testEvent';
import { createLog } from '../telemetry/log';
import { Meter } from './Meter';
import { Spool } from './spool/Spool';

describe('Meter', () => {
  it('has on the disk what it recovers, before what that was recovered from may go', async () => {
    const log = createLog('silent');
    const { spool } = await Spool.open({
      directory: await makeSpoolDirectory(),
      log,
      lockToken: 'test',
      now: Date.now,
      sync: 'interval',
      maxSegmentBytes: 1_000_000,
    });
    try {
      const meter = Meter.create({ spool, log, onEnd: () => undefined });
      await meter.recover([testEvent(), testEvent(), testEvent()]);
      // Only what the disk has is there to be read.
      expect((await spool.next())?.payloads).toHaveLength(3);
    } finally {
      await spool.close();
    }
  });
});
