import { ControlPlaneError } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ErrorState } from './ErrorState';

function refusal(status: number, message: string) {
  return new ControlPlaneError({
    name: 'SomeError',
    message,
    status,
    requestId: 'req-42',
  });
}

describe('ErrorState', () => {
  it('says what happened and what to do, quotes the request and tries again', async () => {
    const onRetry = jest.fn();
    render(
      <ErrorState
        title="Models could not be loaded"
        error={refusal(503, 'The database is not reachable.')}
        onRetry={onRetry}
      />,
    );
    const alert = screen.getByRole('alert');
    expect(alert).toHaveTextContent('Models could not be loaded');
    expect(alert).toHaveTextContent('The database is not reachable.');
    expect(alert).toHaveTextContent('tell whoever runs the portal');
    expect(alert).toHaveTextContent('Request id: req-42');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it('says that the backend could not be reached when there was no answer at all', () => {
    render(
      <ErrorState
        title="Models could not be loaded"
        error={new TypeError('Failed to fetch')}
        onRetry={() => {}}
      />,
    );
    expect(
      screen.getByText(
        "The portal's backend could not be reached (Failed to fetch).",
      ),
    ).toBeVisible();
    expect(
      screen.getByText('Check your connection, then try again.'),
    ).toBeVisible();
  });

  it('shows a missing permission as such, with who can grant it and nothing to try again', () => {
    render(
      <ErrorState
        title="Models could not be loaded"
        error={refusal(403, 'You may not see models')}
        onRetry={() => {}}
      />,
    );
    expect(screen.getByText('You may not see this')).toBeInTheDocument();
    expect(screen.getByText('You may not see models')).toBeInTheDocument();
    expect(
      screen.getByText('A platform admin can grant it.'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });
});
