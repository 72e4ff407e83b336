import {
  formatUsd,
  type PriceAmounts,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { Money } from '../../shared';
import { typicalCost } from './typicalCost';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.palette.action.hover,
  },
}));

/** What the entered amounts come to, so that a slip of the point is seen before it is billed. */
export function TypicalCostNote(props: {
  amounts: Pick<
    Record<keyof PriceAmounts, string>,
    'input' | 'output' | 'perRequest'
  >;
  /** The amounts in force. */
  before: PriceAmounts | null;
}) {
  const { amounts, before } = props;
  const classes = useStyles();
  const cost = typicalCost(amounts);
  const costBefore = before ? typicalCost(before) : undefined;
  return (
    <Typography
      variant="body2"
      component="div"
      className={classes.root}
      role="status"
    >
      A typical request, 1,000 tokens in and 500 out, costs{' '}
      {cost === undefined ? (
        '– until input and output are entered.'
      ) : (
        <>
          <strong>
            <Money usd={cost} />
          </strong>
          {costBefore !== undefined && costBefore !== cost
            ? `; ${formatUsd(costBefore)} at the price in force.`
            : '.'}
        </>
      )}
    </Typography>
  );
}
