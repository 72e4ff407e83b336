export { ModelAdminPage } from './ModelAdminPage';
export { ModelsSection } from './ModelsSection';
