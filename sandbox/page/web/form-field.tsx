import { type ReactNode, useId } from 'react';
import { asObject, asText, isObject, type JsonObject } from '../../slack/json.ts';
import { usePage, usePlace } from './context.tsx';
import { initialValue, Options } from './elements.tsx';
import { Plain } from './rich.tsx';
import { CannotShow } from './text-object.tsx';

/** An `input` block of a form, with its label, its hint and what is wrong with what was filled in. */
export function FormField({ block }: { readonly block: JsonObject }): ReactNode {
  const { words } = usePage();
  const { form } = usePlace();
  const id = useId();
  const element = asObject(block.element);
  const error = form?.errors[asText(block.block_id)];
  const hint = isObject(block.hint) ? asText(block.hint.text) : '';
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={error === undefined ? 'field' : 'field wrong'}>
      <label htmlFor={id}>
        <Plain text={asText(asObject(block.label).text)} />
        {block.optional === true && <span className="quiet"> {words.optional}</span>}
      </label>
      <FieldElement block={block} element={element} id={id} describedBy={described || undefined} />
      {hint !== '' && (
        <p className="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface FieldProps {
  readonly block: JsonObject;
  readonly element: JsonObject;
  readonly id: string;
  readonly describedBy: string | undefined;
}

function FieldElement({ block, element, id, describedBy }: FieldProps): ReactNode {
  const { form, click } = usePlace();
  const actionId = asText(element.action_id);
  const value = form?.values[actionId] ?? initialValue(element);
  if (element.type === 'static_select') {
    const choose = (chosen: string) => {
      form?.set(actionId, chosen);
      // The app asked to hear of it before the form is sent.
      if (block.dispatch_action === true)
        void click({ actionId, blockId: asText(block.block_id), value: chosen });
    };
    return <Options element={element} id={id} describedBy={describedBy} value={value} onChoose={choose} />;
  }
  if (element.type !== 'plain_text_input') return <CannotShow what={asText(element.type)} />;
  const shared = {
    id,
    'aria-describedby': describedBy,
    placeholder: asText(asObject(element.placeholder).text),
    value,
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      form?.set(actionId, target.value),
  };
  return element.multiline === true ? <textarea rows={3} {...shared} /> : <input type="text" {...shared} />;
}
