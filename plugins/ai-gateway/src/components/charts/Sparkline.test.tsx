import { render, screen } from '@testing-library/react';
import { Sparkline } from './Sparkline';

const bars = () =>
  [...screen.getByRole('img').querySelectorAll('rect')].map(bar => ({
    x: Number(bar.getAttribute('x')),
    height: Number(bar.getAttribute('height')),
  }));

describe('Sparkline', () => {
  it('has a name', () => {
    render(<Sparkline values={[1]} lastIsRunning={false} label="Requests" />);
    expect(screen.getByRole('img')).toHaveAccessibleName('Requests');
  });

  it('draws zero, leaves a gap where nothing is known and gives the largest the whole height', () => {
    render(
      <Sparkline values={[0, null, 50, 100]} lastIsRunning label="Latency" />,
    );
    const drawn = bars();
    expect(drawn.map(bar => bar.x)).toEqual([1, 21, 31]);
    expect(drawn[0].height).toBeGreaterThan(0);
    expect(drawn[0].height).toBeLessThan(drawn[1].height);
    expect(drawn[2].height).toBe(100);
  });

  it('draws a row of zeros as such', () => {
    render(<Sparkline values={[0, 0]} lastIsRunning label="Cost" />);
    expect(bars().map(bar => bar.height)).toEqual([4, 4]);
  });
});
