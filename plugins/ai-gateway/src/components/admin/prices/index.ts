export { PriceDrawer } from './PriceDrawer';
export { PriceHistoryPage } from './PriceHistoryPage';
export { PricesSection } from './PricesSection';
