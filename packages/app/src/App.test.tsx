import { render, screen } from '@testing-library/react';
import App from './App';

describe('App', () => {
  it('offers the demo users of the configuration to whoever is not signed in', async () => {
    process.env = {
      ...process.env,
      NODE_ENV: 'test',
      // What the build would put there: the frontend's configuration.
      APP_CONFIG: [
        {
          data: {
            app: {
              title: 'Acme portal',
              demoSignIn: {
                users: [
                  {
                    ref: 'user:default/amira',
                    name: 'Amira Haddad',
                    role: 'Platform admin',
                  },
                ],
              },
            },
            backend: { baseUrl: 'http://localhost:7007' },
          },
          context: 'test',
        },
      ] as unknown as string,
    };

    render(App.createRoot());

    expect(
      await screen.findByRole('button', { name: 'Sign in as Amira Haddad' }),
    ).toBeInTheDocument();
  });
});
