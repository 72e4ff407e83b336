import type { PriceAmounts } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { Price } from '../shared';

const useStyles = makeStyles(theme => ({
  root: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2) },
  amount: { fontVariantNumeric: 'tabular-nums' },
}));

/** What a model costs, in and out, per million tokens. */
export function ModelPrice(props: { price: PriceAmounts | null }) {
  const { price } = props;
  const classes = useStyles();
  if (!price) {
    return (
      <Typography variant="body2" color="textSecondary">
        No price yet
      </Typography>
    );
  }
  return (
    <div>
      <Typography variant="body2" component="div" className={classes.root}>
        <span className={classes.amount}>
          <strong>
            <Price usd={price.input} />
          </strong>{' '}
          in
        </span>
        <span className={classes.amount}>
          <strong>
            <Price usd={price.output} />
          </strong>{' '}
          out
        </span>
      </Typography>
      <Typography variant="caption" color="textSecondary">
        per million tokens
      </Typography>
    </div>
  );
}
