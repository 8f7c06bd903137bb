import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Gallery } from './gallery.tsx';
import './styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The document has no element called root.');
createRoot(root).render(location.pathname === '/gallery' ? <Gallery /> : <App />);
