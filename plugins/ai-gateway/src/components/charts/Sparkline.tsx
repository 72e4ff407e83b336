import { makeStyles } from '@material-ui/core/styles';
import { useId } from 'react';

/** Units of the drawing; it is stretched to its box. */
const SLOT = 10;
const GAP = 2;
const HEIGHT = 100;
/** What a zero and the smallest value look like, so that they differ from nothing. */
const STUB = 4;

const useStyles = makeStyles(theme => ({
  root: { display: 'block', width: '100%', height: theme.spacing(4) },
  bar: { fill: theme.palette.primary.main },
  zero: { fill: theme.palette.text.disabled },
  running: { fillOpacity: 0.5 },
}));

/** How a figure moved, one bar for each bucket: no axis, no numbers. */
export function Sparkline(props: {
  /** From zero on; `null` leaves a gap. */
  values: readonly (number | null)[];
  /** Whether the last one still grows; it is drawn paler. */
  lastIsRunning: boolean;
  /** What it shows, for those who cannot see it. */
  label: string;
}) {
  const { values, lastIsRunning, label } = props;
  const classes = useStyles();
  const titleId = useId();
  const max = Math.max(0, ...values.map(value => value ?? 0));

  return (
    <svg
      className={classes.root}
      role="img"
      aria-labelledby={titleId}
      viewBox={`0 0 ${values.length * SLOT} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      <title id={titleId}>{label}</title>
      {values.map((value, index) => {
        if (value === null) return null;
        const height =
          value === 0 ? STUB : STUB + (value / max) * (HEIGHT - STUB);
        const running = lastIsRunning && index === values.length - 1;
        return (
          <rect
            key={index}
            className={[
              value === 0 ? classes.zero : classes.bar,
              running && classes.running,
            ]
              .filter(Boolean)
              .join(' ')}
            x={index * SLOT + GAP / 2}
            y={HEIGHT - height}
            width={SLOT - GAP}
            height={height}
          />
        );
      })}
    </svg>
  );
}
