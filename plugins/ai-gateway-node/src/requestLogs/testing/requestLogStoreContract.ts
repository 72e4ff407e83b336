import { InputError } from '@backstage/errors';
import type { RequestLog } from '../RequestLog';
import {
  MAX_REQUEST_LOG_PAGE,
  type RequestLogSearch,
  type RequestLogStore,
} from '../RequestLogStore';
import { requestLog } from './requestLogFixture';

const NOON = Date.UTC(2031, 4, 20, 12);
const MINUTE = 60_000;
/** As text in a query it would end the value, the statement, or match everything. */
const HOSTILE = `' OR 1=1; DROP TABLE request_logs; -- \\' \\ \t\n %_ {x:String} ? :x`;

/**
 * What every store of request logs does.
 *
 * Each test has a project of its own, so that all of them share one engine, which is started once.
 *
 * @param start - a store whose schema is made, and in which January to April 2019 can be dropped as months
 */
// eslint-disable-next-line jest/no-export -- a suite that the tests of every store run
export function describeRequestLogStore(
  start: () => Promise<RequestLogStore>,
): void {
  describe('as a request log store', () => {
    let store: RequestLogStore;
    beforeAll(async () => {
      store = await start();
    });

    const search = (given: Partial<RequestLogSearch>) =>
      store.search({
        projectIds: ['claims'],
        from: NOON - 1440 * MINUTE,
        to: NOON + 1440 * MINUTE,
        limit: 100,
        ...given,
      });
    const found = async (given: Partial<RequestLogSearch>) =>
      (await search(given)).items.map(item => item.requestId);

    it('gives back every field as it was, to the last digit', async () => {
      const full = requestLog({
        requestId: 'exact-1',
        projectId: 'exact',
        occurredAt: NOON + 123,
        inputTokens: Number.MAX_SAFE_INTEGER,
        costNanoUsd: 9_223_372_036_854_775_807n,
        requestBody: { bytes: 3_000_000_000, text: '{"a":1}', truncated: true },
        responseBody: { bytes: 0, text: '', truncated: false },
      });
      const bare = requestLog({
        requestId: 'exact-2',
        projectId: 'exact',
        ownerRef: null,
        deploymentId: null,
        streamed: false,
        status: 429,
        outcome: 'refused',
        errorCode: 'rate_limited',
        attempts: 0,
        inputTokens: 0,
        outputTokens: 0,
        costNanoUsd: 0n,
        timeToFirstTokenMs: null,
        clientAgent: null,
        requestBody: { bytes: 17, text: null, truncated: false },
      });
      await store.append([full, bare]);

      expect(await store.get(['exact'], 'exact-1')).toEqual(full);
      expect(await store.get(['exact'], 'exact-2')).toEqual(bare);
      const { requestBody: _, responseBody: __, ...summary } = full;
      expect((await search({ projectIds: ['exact'] })).items[0]).toEqual(
        summary,
      );
    });

    it('holds any text, hostile or broken', async () => {
      const texts = [HOSTILE, 'héllo 世界 🙂', '"\\u0000"', '', '\\N', 'null'];
      const logs = texts.map((text, i) =>
        requestLog({
          requestId: `text-${i}`,
          projectId: 'text',
          ownerRef: text,
          clientAgent: text,
          responseBody: { bytes: 1, text, truncated: false },
        }),
      );
      const broken = requestLog({
        requestId: 'text-broken',
        projectId: 'text',
        responseBody: { bytes: 3, text: 'a\u0000\uD800', truncated: false },
      });
      await store.append([...logs, broken]);

      for (const log of logs) {
        expect(await store.get(['text'], log.requestId)).toEqual(log);
      }
      const kept = await store.get(['text'], 'text-broken');
      expect(kept?.responseBody?.text).toBe('a\uFFFD\uFFFD');
    });

    it('keeps one of a record that comes again: in its batch, after it, and at once', async () => {
      const logs = ['a', 'b', 'c'].map(id =>
        requestLog({ requestId: `again-${id}`, projectId: 'again' }),
      );
      await store.append([...logs, ...logs]);
      await store.append(logs.slice(1));
      await Promise.all([store.append(logs), store.append(logs)]);

      expect(await found({ projectIds: ['again'] })).toEqual([
        'again-c',
        'again-b',
        'again-a',
      ]);
    });

    it('takes no records at all', async () => {
      await expect(store.append([])).resolves.toBeUndefined();
    });

    it('shows nothing of another project', async () => {
      await store.append([
        requestLog({ requestId: 'tenant-a', projectId: 'tenant-a' }),
        requestLog({ requestId: 'tenant-b', projectId: 'tenant-b' }),
      ]);

      expect(await found({ projectIds: ['tenant-a'] })).toEqual(['tenant-a']);
      expect(await found({ projectIds: ['tenant-a', 'tenant-b'] })).toEqual([
        'tenant-b',
        'tenant-a',
      ]);
      expect(await found({ projectIds: [] })).toEqual([]);
      expect(await found({ projectIds: [HOSTILE] })).toEqual([]);
      expect(
        await found({
          projectIds: ['tenant-a'],
          requestIdContains: 'tenant-b',
        }),
      ).toEqual([]);
      expect(await store.get(['tenant-a'], 'tenant-b')).toBeUndefined();
      expect(await store.get([], 'tenant-b')).toBeUndefined();
      expect(await store.get(['tenant-b'], HOSTILE)).toBeUndefined();
    });

    describe('filters', () => {
      const projectIds = ['filters'];
      beforeAll(async () => {
        const make = (id: string, given: Partial<RequestLog>) =>
          requestLog({ requestId: id, projectId: 'filters', ...given });
        await store.append([
          make('plain', {}),
          make('model', { modelId: 'claude' }),
          make('key', { apiKeyId: 'ZZZZZZZZZZZZ' }),
          make('owner', { ownerRef: 'user:default/bob' }),
          make('aborted', { outcome: 'client_abort', status: 499 }),
          make('refused', {
            outcome: 'refused',
            status: 402,
            errorCode: 'budget_exceeded',
          }),
          make('failed', { outcome: 'upstream_error', status: 500 }),
          make('r-50%_off', {}),
          make('early', { occurredAt: NOON - 10 * MINUTE }),
          make('late', { occurredAt: NOON + 10 * MINUTE }),
        ]);
      });

      it.each<[string, Partial<RequestLogSearch>, string[]]>([
        ['model', { modelId: 'claude' }, ['model']],
        ['key', { apiKeyId: 'ZZZZZZZZZZZZ' }, ['key']],
        ['owner', { ownerRef: 'user:default/bob' }, ['owner']],
        ['outcome', { outcome: 'client_abort' }, ['aborted']],
        ['status class', { statusClass: '4xx' }, ['refused', 'aborted']],
        ['the class from 500 on', { statusClass: '5xx' }, ['failed']],
        ['error code', { errorCode: 'budget_exceeded' }, ['refused']],
        ['part of the id', { requestIdContains: 'ai' }, ['plain', 'failed']],
        ['wildcards as letters', { requestIdContains: '%_' }, ['r-50%_off']],
        ['from, inclusive', { from: NOON + 10 * MINUTE }, ['late']],
        ['to, exclusive', { to: NOON }, ['early']],
        [
          'all of it at once',
          { statusClass: '4xx', outcome: 'refused', modelId: 'gpt-5' },
          ['refused'],
        ],
        ['nothing that is both', { statusClass: '5xx', modelId: 'claude' }, []],
      ])('by %s', async (_, given, ids) => {
        expect(await found({ projectIds, ...given })).toEqual(ids);
      });

      it.each([
        'modelId',
        'apiKeyId',
        'ownerRef',
        'errorCode',
        'requestIdContains',
      ] as const)('takes a hostile %s for what it is', async name => {
        expect(await found({ projectIds, [name]: HOSTILE })).toEqual([]);
        expect(await found({ projectIds })).toHaveLength(10);
      });
    });

    it('pages newest first, each record once, whatever comes meanwhile', async () => {
      const projectIds = ['pages'];
      // Three records a millisecond, so that pages end between records of the same time.
      const logs = Array.from({ length: 23 }, (_, i) =>
        requestLog({
          // Letters of both cases: the order is that of bytes in every store.
          requestId: `${'aBcD'[i % 4]}-${i}`,
          projectId: 'pages',
          occurredAt: NOON + Math.floor(i / 3),
        }),
      );
      await store.append(logs);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await search({ projectIds, limit: 4, cursor });
        seen.push(...page.items.map(item => item.requestId));
        cursor = page.nextCursor ?? undefined;
        await store.append([
          requestLog({
            requestId: `newer-${seen.length}`,
            projectId: 'pages',
            occurredAt: NOON + 1000 + seen.length,
          }),
        ]);
      } while (cursor);

      const expected = [...logs]
        .sort(
          (a, b) =>
            b.occurredAt - a.occurredAt ||
            Buffer.compare(Buffer.from(b.requestId), Buffer.from(a.requestId)),
        )
        .map(log => log.requestId);
      expect(seen).toEqual(expected);
    });

    it('says that there is no next page when a page is exactly full', async () => {
      const projectIds = ['full-page'];
      await store.append(
        ['1', '2'].map(id =>
          requestLog({ requestId: `full-${id}`, projectId: 'full-page' }),
        ),
      );
      expect((await search({ projectIds, limit: 2 })).nextCursor).toBeNull();
    });

    it('refuses a cursor and a limit that are none', async () => {
      await expect(search({ cursor: 'x' })).rejects.toThrow(InputError);
      for (const limit of [0, -1, 1.5, MAX_REQUEST_LOG_PAGE + 1]) {
        await expect(search({ limit })).rejects.toThrow(InputError);
      }
    });

    it.each<[string, Partial<RequestLog>]>([
      ['an id that is none', { deploymentId: 'sk-secret' }],
      ['more money than is', { costNanoUsd: 2n ** 63n }],
      ['negative money', { costNanoUsd: -1n }],
      ['half a token', { inputTokens: 0.5 }],
      ['a status that is none', { status: 70_000 }],
      ['no time', { occurredAt: Number.NaN }],
    ])(
      'refuses %s for good, without repeating it, and goes on',
      async (_, given) => {
        const refused = store.append([
          requestLog({ requestId: 'refused', projectId: 'refused', ...given }),
        ]);
        await expect(refused).rejects.toThrow(InputError);
        await expect(refused).rejects.not.toThrow(/sk-secret|70|9223/);
        await store.append([
          requestLog({ requestId: 'accepted', projectId: 'refused' }),
        ]);
        expect(await found({ projectIds: ['refused'] })).toEqual(['accepted']);
      },
    );

    it('takes thousands at once', async () => {
      const logs = Array.from({ length: 2_500 }, (_, i) =>
        requestLog({ requestId: `many-${i}`, projectId: 'many' }),
      );
      await store.append(logs);
      expect(
        await found({
          projectIds: ['many'],
          requestIdContains: '-24',
          limit: 500,
        }),
      ).toHaveLength(111);
    });

    it('drops what is older than a time: whole months, the rest of its month, and nothing else', async () => {
      const projectIds = ['old'];
      const limit = Date.UTC(2019, 2, 15);
      const at = (requestId: string, occurredAt: number) =>
        requestLog({ requestId, projectId: 'old', occurredAt });
      await store.append([
        at('january', Date.UTC(2019, 0, 31, 23, 59, 59, 999)),
        at('february', Date.UTC(2019, 1, 1)),
        at('before', limit - 1),
        at('at', limit),
        at('april', Date.UTC(2019, 3, 1)),
        at('now', NOON),
      ]);

      expect(await store.dropBefore(limit)).toEqual({ months: 2, rows: 1 });
      const all = { projectIds, from: 0, to: NOON + 1 };
      expect(await found(all)).toEqual(['now', 'april', 'at']);
      expect(await store.dropBefore(limit)).toEqual({ months: 0, rows: 0 });
      expect(await found(all)).toEqual(['now', 'april', 'at']);

      const april = Date.UTC(2019, 3, 1);
      expect(await store.dropBefore(april)).toEqual({ months: 1, rows: 0 });
      expect(await found(all)).toEqual(['now', 'april']);
    });

    it('makes its schema again without harm', async () => {
      await store.append([
        requestLog({ requestId: 'schema', projectId: 'schema' }),
      ]);
      await Promise.all([store.ensureSchema(), store.ensureSchema()]);
      expect(await found({ projectIds: ['schema'] })).toEqual(['schema']);
    });
  });
}
