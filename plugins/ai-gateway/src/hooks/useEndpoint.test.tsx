import {
  type EndpointInput,
  endpoints,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { TestApiProvider } from '@backstage/test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { aiGatewayApiRef } from '../api';
import {
  ControlPlaneDouble,
  Refusal,
} from '../__testUtils__/ControlPlaneDouble';
import { modelOf } from '../__testUtils__/fixtures';
import { useEndpoint } from './useEndpoint';

function renderUseEndpoint(controlPlane: ControlPlaneDouble, modelId = 'a') {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <TestApiProvider apis={[[aiGatewayApiRef, controlPlane.api]]}>
      {children}
    </TestApiProvider>
  );
  return renderHook(
    (input: EndpointInput<typeof endpoints.getModel>) =>
      useEndpoint(endpoints.getModel, input),
    { wrapper, initialProps: { params: { modelId } } },
  );
}

const answering = () =>
  new ControlPlaneDouble({
    getModel: ({ params: { modelId } }) => modelOf(modelId),
  });

describe('useEndpoint', () => {
  it('is loading, then ready with the answer', async () => {
    const { result } = renderUseEndpoint(answering());
    expect(result.current.status).toBe('loading');
    await waitFor(() => expect(result.current.status).toBe('ready'));
    expect(result.current.value).toEqual(modelOf('a'));
    expect(result.current.stale).toBe(false);
  });

  it('is in error with what the control plane said, and loads again on refresh', async () => {
    const controlPlane = new ControlPlaneDouble({
      getModel: () => {
        throw new Refusal(503, 'The database is not reachable');
      },
    });
    const { result } = renderUseEndpoint(controlPlane);
    await waitFor(() => expect(result.current.status).toBe('error'));
    expect(result.current.error).toMatchObject({
      message: 'The database is not reachable',
      status: 503,
    });

    controlPlane.answer({ getModel: () => modelOf('a') });
    await act(() => result.current.refresh());
    expect(result.current.status).toBe('ready');
  });

  it('keeps the old value, marked as stale, until the answer to a new input is there', async () => {
    const controlPlane = answering();
    const { result, rerender } = renderUseEndpoint(controlPlane);
    await waitFor(() => expect(result.current.status).toBe('ready'));

    rerender({ params: { modelId: 'b' } });
    expect(result.current).toMatchObject({
      status: 'ready',
      stale: true,
      value: { id: 'a' },
    });
    await waitFor(() => expect(result.current.value?.id).toBe('b'));
    expect(result.current.stale).toBe(false);
  });

  it('keeps the value, marked as stale, when a refresh fails', async () => {
    const controlPlane = answering();
    const { result } = renderUseEndpoint(controlPlane);
    await waitFor(() => expect(result.current.status).toBe('ready'));

    controlPlane.answer({
      getModel: () => {
        throw new Refusal(503, 'Down');
      },
    });
    await act(() => result.current.refresh());
    expect(result.current).toMatchObject({
      status: 'ready',
      stale: true,
      error: { message: 'Down' },
      value: { id: 'a' },
    });
  });

  it('does not show the value of another input when the new one fails', async () => {
    const controlPlane = answering();
    const { result, rerender } = renderUseEndpoint(controlPlane);
    await waitFor(() => expect(result.current.status).toBe('ready'));

    controlPlane.answer({
      getModel: () => {
        throw new Refusal(404, 'There is no model b');
      },
    });
    rerender({ params: { modelId: 'b' } });
    await waitFor(() => expect(result.current.status).toBe('error'));
    expect(result.current.value).toBeUndefined();
  });

  it('keeps the very same value when a refresh brings nothing new', async () => {
    const { result } = renderUseEndpoint(answering());
    await waitFor(() => expect(result.current.status).toBe('ready'));
    const before = result.current.value;
    await act(() => result.current.refresh());
    expect(result.current.value).toBe(before);
  });

  it('aborts the request when the component goes', async () => {
    let signal: AbortSignal | undefined;
    const controlPlane = answering();
    const { unmount } = renderHook(
      () => useEndpoint(endpoints.getModel, { params: { modelId: 'a' } }),
      {
        wrapper: ({ children }) => (
          <TestApiProvider
            apis={[
              [
                aiGatewayApiRef,
                {
                  call: (endpoint, input) => {
                    signal = input.signal;
                    return controlPlane.api.call(endpoint, input);
                  },
                },
              ],
            ]}
          >
            {children}
          </TestApiProvider>
        ),
      },
    );
    unmount();
    expect(signal?.aborted).toBe(true);
  });
});
