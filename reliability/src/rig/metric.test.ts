import { metric } from './metric';

const TEXT = `# HELP depth How deep
# TYPE depth gauge
depth 3
depth_total{code="a",why="x y"} 2
depth_total{code="b"} 5 1700000000000
`;

describe('metric', () => {
  it('adds up the sets of labels of exactly that name', () => {
    expect(metric(TEXT, 'depth')).toBe(3);
    expect(metric(TEXT, 'depth_total')).toBe(7);
  });

  it('is not a number where there is none', () => {
    expect(metric(TEXT, 'dept')).toBeNaN();
    expect(metric(undefined, 'depth')).toBeNaN();
  });
});
