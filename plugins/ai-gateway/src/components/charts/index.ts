export { ChartLegend } from './ChartLegend';
export { Sparkline } from './Sparkline';
export { type BarRow, type BarStack, StackedBars } from './StackedBars';
export { Swatch } from './Swatch';
export { type GroupColors, useGroupColors } from './useGroupColors';
