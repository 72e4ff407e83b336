import type {
  Endpoint,
  EndpointInput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { TestApiProvider } from '@backstage/test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { ControlPlaneDouble } from '../../__testUtils__/ControlPlaneDouble';
import { type AiGatewayApi, aiGatewayApiRef } from '../../api';
import { figuresOf, reportOf } from './__testUtils__/usageReports';
import { useUsageReport } from './useUsageReport';

const REPORT = reportOf({ 'gpt-4o': [figuresOf({ requests: 1 })] });
const QUERY = { from: REPORT.from, to: REPORT.to };

/** Answers once; then takes requests and lets them wait until they are given up. */
function answeringOnce(): AiGatewayApi {
  const { api } = new ControlPlaneDouble({ getUsage: () => REPORT });
  let calls = 0;
  return {
    call: <T extends Endpoint>(endpoint: T, input: EndpointInput<T>) => {
      if (calls++ === 0) return api.call(endpoint, input);
      return new Promise<never>((_, reject) => {
        const { signal } = input;
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    },
  };
}

it('keeps the figures, and says that they are old, when a backend takes a request and never answers', async () => {
  const patience = new AbortController();
  const timeout = jest
    .spyOn(AbortSignal, 'timeout')
    .mockReturnValue(patience.signal);
  const api = answeringOnce();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <TestApiProvider apis={[[aiGatewayApiRef, api]]}>
      {children}
    </TestApiProvider>
  );
  const { result } = renderHook(() => useUsageReport(QUERY, {}), { wrapper });
  await waitFor(() => expect(result.current.status).toBe('ready'));
  expect(timeout).toHaveBeenCalledWith(10_000);

  await act(async () => {
    const refreshed = result.current.refresh();
    patience.abort(new DOMException('It took too long', 'TimeoutError'));
    await refreshed;
  });
  expect(result.current).toMatchObject({
    status: 'ready',
    stale: true,
    value: REPORT,
    error: expect.objectContaining({
      message: expect.stringContaining('It took too long'),
    }),
  });
  timeout.mockRestore();
});
