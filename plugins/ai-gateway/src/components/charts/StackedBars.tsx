import { makeStyles, type Theme, useTheme } from '@material-ui/core/styles';
import { type ReactNode, useId } from 'react';
import {
  Bar,
  BarChart,
  type BarShapeProps,
  CartesianGrid,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { type AxisUnit, axisTicks, formatTick } from './axis';

/** One bar. */
export interface BarRow {
  readonly key: string;
  /** On the axis. */
  readonly label: string;
  /** Still growing: drawn hatched. */
  readonly incomplete: boolean;
  /** By stack, in the order of the stacks. */
  readonly heights: readonly number[];
}

/** One colour of each bar. */
export interface BarStack {
  readonly id: string;
  readonly label: string;
  readonly color: string;
}

const MAX_BAR_WIDTH = 48;
/** What a bucket of nothing looks like, so that it is seen to be there. */
const ZERO_HEIGHT = 2;
/** Paper between one colour and the next. */
const HAIRLINE = 0.75;
const DIMMED = 0.25;

const useStyles = makeStyles(theme => ({
  root: {
    width: '100%',
    height: 320,
    ...theme.typography.caption,
    '& svg:focus-visible': {
      outline: `2px solid ${theme.palette.primary.main}`,
    },
  },
}));

/**
 * Bars over time, stacked by group. Arrow keys move from bar to bar.
 *
 * The legend and the table that says the same stand beside it; see their own components.
 */
export function StackedBars(props: {
  rows: readonly BarRow[];
  /** From the foot of the bars up. */
  stacks: readonly BarStack[];
  unit: AxisUnit;
  /** What the chart is called, and what it shows in a sentence. */
  title: string;
  description: string;
  /** What a hover over a row says. */
  renderTooltip: (rowIndex: number) => ReactNode;
  /** The stack that stands out; the others are dimmed. */
  highlighted: string | undefined;
}) {
  const { rows, stacks, unit, title, description, highlighted } = props;
  const classes = useStyles();
  const theme = useTheme<Theme>();
  const hatchId = useId();
  const ticks = axisTicks(
    Math.max(
      0,
      ...rows.map(row => row.heights.reduce((sum, each) => sum + each, 0)),
    ),
  );
  const labels = new Map(rows.map(row => [row.key, row.label]));
  const text = { fill: theme.palette.text.secondary };

  return (
    <BarChart
      responsive
      className={classes.root}
      // recharts types its data as mutable, and does not change it.
      data={rows.slice()}
      title={title}
      desc={description}
      barCategoryGap="15%"
      margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
    >
      <defs>
        <pattern
          id={hatchId}
          width={6}
          height={6}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width={3} height={6} fill={theme.palette.background.paper} />
        </pattern>
      </defs>
      <CartesianGrid vertical={false} stroke={theme.palette.divider} />
      <XAxis
        dataKey="key"
        tickFormatter={(key: string) => labels.get(key) ?? ''}
        tick={text}
        tickLine={false}
        stroke={theme.palette.text.secondary}
        minTickGap={16}
      />
      <YAxis
        ticks={ticks}
        domain={[0, ticks[ticks.length - 1]]}
        tickFormatter={(tick: number) => formatTick(tick, ticks, unit)}
        tick={text}
        tickLine={false}
        axisLine={false}
        width="auto"
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: theme.palette.action.hover }}
        wrapperStyle={{ zIndex: 1 }}
        content={({ active, activeIndex }) =>
          active && activeIndex !== null && activeIndex !== undefined
            ? props.renderTooltip(Number(activeIndex))
            : null
        }
      />
      {stacks.map((stack, index) => (
        <Bar
          key={stack.id}
          stackId="all"
          dataKey={(row: BarRow) => row.heights[index]}
          name={stack.label}
          fill={stack.color}
          fillOpacity={
            highlighted === undefined || highlighted === stack.id ? 1 : DIMMED
          }
          maxBarSize={MAX_BAR_WIDTH}
          isAnimationActive={false}
          shape={(bar: BarShapeProps) => (
            <Segment
              bar={bar}
              row={rows[bar.originalDataIndex]}
              isFoot={index === 0}
              hatch={`url(#${hatchId})`}
            />
          )}
        />
      ))}
    </BarChart>
  );
}

/** One colour of one bar, with a hairline of paper above it that keeps it from the next. */
function Segment(props: {
  bar: BarShapeProps;
  row: BarRow | undefined;
  isFoot: boolean;
  hatch: string;
}) {
  const { bar, row, isFoot, hatch } = props;
  const { palette } = useTheme<Theme>();
  if (!row) return null;
  const { x, y, width, height } = bar;
  if (row.heights.every(value => value === 0)) {
    return isFoot ? (
      <rect
        x={x}
        y={y - ZERO_HEIGHT}
        width={width}
        height={ZERO_HEIGHT}
        fill={palette.text.disabled}
      />
    ) : null;
  }
  if (height <= 0) return null;
  const gap = height > 3 ? HAIRLINE : 0;
  const visible = { x, width, y: y + gap, height: height - gap };
  return (
    <g>
      <rect {...visible} fill={bar.fill} fillOpacity={bar.fillOpacity} />
      {row.incomplete && <rect {...visible} fill={hatch} fillOpacity={0.6} />}
    </g>
  );
}
