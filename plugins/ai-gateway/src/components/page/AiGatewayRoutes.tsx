import { ErrorPage } from '@backstage/core-components';
import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router-dom';
import { ApiKeysPage } from '../apiKeys';
import { ModelPage, ModelsPage } from '../models';
import { SentenceCase } from '../shared';
import { AdminGate } from './AdminGate';
import { PageSkeleton } from './PageSkeleton';

// Charts and the admin's forms are heavy, and not what most readers come for.
const UsagePage = lazy(async () => ({
  default: (await import('../usage')).UsagePage,
}));
const AdminPage = lazy(async () => ({
  default: (await import('../admin')).AdminPage,
}));

/** The views of the page, by their paths. */
export function AiGatewayRoutes() {
  return (
    <SentenceCase>
      <Suspense fallback={<PageSkeleton />}>
        <Routes>
          <Route index element={<ToModels />} />
          <Route path="models" element={<ModelsPage />} />
          <Route path="models/:modelId" element={<ModelPage />} />
          <Route path="api-keys" element={<ApiKeysPage />} />
          <Route path="usage/*" element={<UsagePage />} />
          <Route
            path="admin/*"
            element={
              <AdminGate>
                <AdminPage />
              </AdminGate>
            }
          />
          <Route
            path="*"
            element={<ErrorPage status="404" statusMessage="Page not found" />}
          />
        </Routes>
      </Suspense>
    </SentenceCase>
  );
}

function ToModels() {
  const { search } = useLocation();
  return <Navigate replace to={{ pathname: 'models', search }} />;
}
