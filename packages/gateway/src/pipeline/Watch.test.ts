import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Exchange } from '../http/exchange';
import { Watch } from './Watch';

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('Watch', () => {
  const asked = (): Pick<Exchange, 'res' | 'onClose'> => ({
    res: new ServerResponse(new IncomingMessage(new Socket())),
    onClose: null,
  });
  const watchOver = (
    exchange: Pick<Exchange, 'res' | 'onClose'>,
    { totalTimeoutMs = 10_000, drainMs = 0 } = {},
  ) => new Watch(exchange, { totalTimeoutMs, drainMs: () => drainMs });

  it('is over once its time is, and says so once', async () => {
    const watch = watchOver(asked(), { totalTimeoutMs: 100 });
    const over = jest.fn();
    watch.onOver = over;
    await wait(500);
    expect(watch.isOver).toBe(true);
    expect(over).toHaveBeenCalledTimes(1);
    expect(watch.clientIsGone()).toBe(false);
  });

  it('is looked at no more once it is over, though nobody has ended it', async () => {
    const watch = watchOver(asked(), { totalTimeoutMs: 100 });
    const looked = jest.spyOn(watch, 'sweep');
    await wait(400);
    expect(watch.isOver).toBe(true);
    const times = looked.mock.calls.length;
    await wait(400);
    expect(looked).toHaveBeenCalledTimes(times);
  });

  it('is over when its client has hung up, or when what is still to come has had its time', async () => {
    const [atOnce, later] = [asked(), asked()];
    const watches = [watchOver(atOnce), watchOver(later, { drainMs: 200 })];
    for (const { onClose } of [atOnce, later]) onClose?.closed();
    expect(watches.map(watch => watch.isOver)).toEqual([true, false]);
    expect(watches.map(watch => watch.clientIsGone())).toEqual([true, true]);
    await wait(600);
    expect(watches[1].isOver).toBe(true);
  });

  it('stops what is under way when it is given up, and hears no more of its client', () => {
    const exchange = asked();
    const watch = watchOver(exchange);
    const over = jest.fn();
    watch.onOver = over;
    watch.giveUp();
    expect(over).toHaveBeenCalledTimes(1);
    expect(exchange.onClose).toBeNull();
  });
});
