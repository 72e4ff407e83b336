import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ChartLegend } from './ChartLegend';

const stacks = [
  { id: 'a', label: 'gpt-4o', color: '#111111' },
  { id: 'b', label: 'llama', color: '#222222' },
];

it('names every colour, and what hatched bars are', () => {
  render(
    <ChartLegend
      stacks={stacks}
      highlighted={undefined}
      onHighlight={() => {}}
      runningLabel="Still running"
    />,
  );
  expect(screen.getAllByRole('listitem').map(item => item.textContent)).toEqual(
    ['gpt-4o', 'llama', 'Still running'],
  );
});

it('makes a group stand out until it is pressed again', async () => {
  const onHighlight = jest.fn();
  const legend = (highlighted: string | undefined) => (
    <ChartLegend
      stacks={stacks}
      highlighted={highlighted}
      onHighlight={onHighlight}
      runningLabel={undefined}
    />
  );
  const { rerender } = render(legend(undefined));
  await userEvent.click(screen.getByRole('button', { name: 'llama' }));
  expect(onHighlight).toHaveBeenLastCalledWith('b');
  rerender(legend('b'));
  expect(screen.getByRole('button', { pressed: true })).toHaveTextContent(
    'llama',
  );
  await userEvent.click(screen.getByRole('button', { name: 'llama' }));
  expect(onHighlight).toHaveBeenLastCalledWith(undefined);
});
