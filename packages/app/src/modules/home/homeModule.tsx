import { MarkdownContent } from '@backstage/core-components';
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';

const content = `
1. **Find a model** under [AI Gateway](/ai-gateway) or in the [catalog](/catalog?filters[kind]=resource&filters[type]=ai-model).
2. **Create an API key** for your project. Its secret is shown once.
3. **Point your SDK** at the gateway: the snippet beside the key is ready to paste.
4. **See what it costs** on the [Usage](/ai-gateway/usage) page, seconds later.
`;

const gettingStartedWidget = HomePageWidgetBlueprint.make({
  name: 'getting-started',
  params: {
    name: 'GettingStarted',
    title: 'Your first completion',
    description: 'From a model to a metered answer in four steps',
    components: async () => ({
      Content: () => <MarkdownContent content={content} />,
    }),
  },
});

export const homeModule = createFrontendModule({
  pluginId: 'home',
  extensions: [gettingStartedWidget],
});
