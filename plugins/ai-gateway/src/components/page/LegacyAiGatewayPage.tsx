import {
  Content,
  Header,
  HeaderTabs,
  Link,
  Page,
} from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import { useParams } from 'react-router-dom';
import { AiGatewayRoutes } from './AiGatewayRoutes';
import { useTabs } from './useTabs';

const useStyles = makeStyles(theme => ({
  content: { paddingTop: theme.spacing(3) },
}));

/** The page in the legacy frontend system, where a page brings its own header and tabs. */
export function LegacyAiGatewayPage() {
  const classes = useStyles();
  const tabs = useTabs();
  const { '*': path = '' } = useParams();
  const selected = tabs.findIndex(({ id }) => id === path.split('/')[0]);
  return (
    <Page themeId="tool">
      <Header
        title="AI Gateway"
        subtitle="Language models for your applications"
      />
      <HeaderTabs
        selectedIndex={Math.max(selected, 0)}
        tabs={tabs.map(({ id, label, href }) => ({
          id,
          label,
          tabProps: { component: Link, to: href },
        }))}
      />
      <Content noPadding className={classes.content}>
        <AiGatewayRoutes />
      </Content>
    </Page>
  );
}
