import { TestApiProvider } from '@backstage/test-utils';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aiGatewayApiRef } from '../api';
import {
  ControlPlaneDouble,
  Refusal,
} from '../__testUtils__/ControlPlaneDouble';
import { engineerOf } from '../__testUtils__/fixtures';
import { useMe } from './useMe';

function Name() {
  const me = useMe();
  return (
    <p>
      {me.value?.userRef ?? me.error?.message ?? 'loading'}
      <button onClick={me.refresh}>Refresh</button>
    </p>
  );
}

function renderNames(controlPlane: ControlPlaneDouble) {
  const api = controlPlane.api;
  return render(
    <TestApiProvider apis={[[aiGatewayApiRef, api]]}>
      <Name />
      <Name />
    </TestApiProvider>,
  );
}

describe('useMe', () => {
  it('asks once for all components', async () => {
    const controlPlane = new ControlPlaneDouble({ getMe: () => engineerOf() });
    renderNames(controlPlane);
    expect(await screen.findAllByText('user:default/bo')).toHaveLength(2);
    expect(controlPlane.callsOf('getMe')).toHaveLength(1);
  });

  it('shares nothing between two APIs', async () => {
    renderNames(new ControlPlaneDouble({ getMe: () => engineerOf() }));
    await screen.findAllByText('user:default/bo');
    renderNames(
      new ControlPlaneDouble({
        getMe: () => engineerOf({ userRef: 'user:default/chen' }),
      }),
    );
    expect(await screen.findAllByText('user:default/chen')).toHaveLength(2);
  });

  it('tells every component of a failure, and of the success after it', async () => {
    const controlPlane = new ControlPlaneDouble({
      getMe: () => {
        throw new Refusal(503, 'Down');
      },
    });
    renderNames(controlPlane);
    expect(await screen.findAllByText('Down')).toHaveLength(2);

    controlPlane.answer({ getMe: () => engineerOf() });
    await userEvent.click(
      screen.getAllByRole('button', { name: 'Refresh' })[0],
    );
    expect(await screen.findAllByText('user:default/bo')).toHaveLength(2);
  });
});
