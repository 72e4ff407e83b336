import { ProxiedSignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import { useState } from 'react';
import { DemoUserChoice } from './DemoUserChoice';
import { readDemoUsers, type DemoUser } from './demoUsers';

const STORAGE_KEY = 'demo-sign-in-user';

/** Offers the demo users, and signs in as the chosen one until they sign out. */
export function DemoSignInPage({ onSignInSuccess }: SignInPageProps) {
  const users = readDemoUsers(useApi(configApiRef));
  const [chosen, setChosen] = useState<DemoUser | undefined>(() => {
    const remembered = window.sessionStorage.getItem(STORAGE_KEY);
    return users.find(user => user.ref === remembered);
  });
  const [failure, setFailure] = useState<Error>();

  if (!chosen) {
    return (
      <DemoUserChoice
        users={users}
        failure={failure}
        onChoose={user => {
          setFailure(undefined);
          setChosen(user);
        }}
      />
    );
  }
  const forget = () => window.sessionStorage.removeItem(STORAGE_KEY);
  return (
    <ProxiedSignInPage
      provider="demo"
      headers={{ 'x-demo-user': chosen.ref }}
      ErrorComponent={({ error }) => (
        <DemoUserChoice
          users={users}
          failure={error}
          onChoose={user => {
            forget();
            setFailure(undefined);
            // A new attempt needs a new page: undo the choice first, so that choosing the same user again tries again.
            setChosen(undefined);
            window.setTimeout(() => setChosen(user));
          }}
        />
      )}
      onSignInSuccess={identity => {
        window.sessionStorage.setItem(STORAGE_KEY, chosen.ref);
        const signOut = identity.signOut.bind(identity);
        onSignInSuccess(
          Object.assign(identity, {
            signOut: async () => {
              forget();
              await signOut();
            },
          }),
        );
      }}
    />
  );
}
