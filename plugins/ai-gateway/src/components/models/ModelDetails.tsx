import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { InfoCard } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import { HowToCall } from '../snippets';
import { ModelFacts } from './ModelFacts';
import { PriceTable } from './PriceTable';

/** Everything about a model, in cards. */
export function ModelDetails(props: { model: Model }) {
  const { model } = props;
  return (
    <Grid container spacing={2}>
      <Grid item xs={12} md={5} lg={4}>
        <Grid container spacing={2}>
          <Grid item xs={12}>
            <InfoCard title="About">
              <ModelFacts model={model} />
            </InfoCard>
          </Grid>
          <Grid item xs={12}>
            <InfoCard title="Price" noPadding={model.price !== null}>
              <PriceTable price={model.price} />
            </InfoCard>
          </Grid>
        </Grid>
      </Grid>
      <Grid item xs={12} md={7} lg={8}>
        <InfoCard title="How to call it">
          <HowToCall model={model} />
        </InfoCard>
      </Grid>
    </Grid>
  );
}
