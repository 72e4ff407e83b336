import '@testing-library/jest-dom';
import { configure } from '@testing-library/dom';

// Upper bounds, not waits: role queries over whole pages are slow where the machine is busy.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 10_000 });
