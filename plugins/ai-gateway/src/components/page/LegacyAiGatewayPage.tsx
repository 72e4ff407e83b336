import {
  Content,
  Header,
  HeaderTabs,
  Link,
  Page,
} from '@backstage/core-components';
import { useParams } from 'react-router-dom';
import { AiGatewayRoutes } from './AiGatewayRoutes';
import { useTabs } from './useTabs';

/** The page in the legacy frontend system, where a page brings its own header and tabs. */
export function LegacyAiGatewayPage() {
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
      <Content noPadding>
        <AiGatewayRoutes />
      </Content>
    </Page>
  );
}
